import { type ReactNode, useEffect, useRef } from 'react';

export interface ConfirmDialogProps {
  readonly title: string;
  /** What the button says that does it; null: it can only be read, and closed. */
  readonly action: string | null;
  readonly confirm: () => void;
  readonly cancel: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that everybody notices. */
export function ConfirmDialog({ title, action, confirm, cancel, children }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={cancel}>
      <h2 id="confirm-title">{title}</h2>
      {children}
      <div className="row">
        {action !== null && (
          <button type="button" onClick={confirm}>
            {action}
          </button>
        )}
        <button type="button" className="second" onClick={cancel}>
          {action === null ? 'Close' : 'Cancel'}
        </button>
      </div>
    </dialog>
  );
}
