export interface UnknownSessionProps {
  readonly message: string;
  readonly onAgain: () => void;
}

/** The service does not say who is signed in. */
export function UnknownSession({ message, onAgain }: UnknownSessionProps) {
  return (
    <div className="panel">
      <p role="alert">{message}</p>
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    </div>
  );
}
