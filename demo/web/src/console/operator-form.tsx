import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { type Operated, operate, type Task } from './operate.ts';

export interface OperatorFormProps {
  readonly title: string;
  readonly task: Task;
  readonly consoleKey: string | null;
  /** What is sent, from the fields. @throws {Error} with what has to be fixed. */
  readonly order: (fields: FormData) => unknown;
  /** The answer, as the operator is to read it. */
  readonly shown: (content: unknown) => ReactNode;
  readonly children: ReactNode;
}

/** A form of the operator's, and the answer to it. */
export function OperatorForm({ title, task, consoleKey, order, shown, children }: OperatorFormProps) {
  const id = useId();
  const [answer, setAnswer] = useState<Operated | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      setAnswer(await operate(consoleKey, task, order(new FormData(event.currentTarget))));
    } catch (error) {
      setAnswer({ ok: false, problem: (error as Error).message });
    }
  };
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <form className="operator" onSubmit={(event) => void submit(event)}>
        {children}
        <button type="submit">{title}</button>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section className="answer" aria-label={`Answer to ${title}`} tabIndex={0} data-ok={answer?.ok}>
        <div role="status">
          {answer === null ? 'Nothing asked yet.' : answer.ok ? shown(answer.content) : answer.problem}
        </div>
      </section>
    </section>
  );
}
