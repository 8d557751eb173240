export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** What one side of a test waits for, and the other decides. */
export function gate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
