import { useState } from 'react';
import { useChange } from './use-cms.ts';

export interface EditorProps {
  readonly slug: string;
  readonly draft: string;
}

/** The draft of one page. Publishing saves what stands here first. */
export function Editor({ slug, draft }: EditorProps) {
  const [text, setText] = useState(draft);
  const { mutateAsync, isPending } = useChange(slug);
  const [said, say] = useState('');
  const run = async (publish: boolean) => {
    say('');
    try {
      const saved = await mutateAsync({ draft: text });
      say(publish ? await mutateAsync('publish') : saved);
    } catch (error) {
      say(`That failed: ${(error as Error).message}`);
    }
  };
  return (
    <div className="editor">
      <label htmlFor="draft">Draft of {slug}</label>
      <textarea
        id="draft"
        rows={5}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row">
        <button type="button" disabled={isPending} onClick={() => void run(false)}>
          Save draft
        </button>
        <button type="button" disabled={isPending} onClick={() => void run(true)}>
          Publish
        </button>
      </div>
      <output aria-live="polite">{said || '\u00a0'}</output>
    </div>
  );
}
