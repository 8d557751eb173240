import { useState } from 'react';
import { useSaid } from '../ui/use-said.ts';
import { useChange } from './use-cms.ts';

export interface EditorProps {
  readonly slug: string;
  readonly draft: string;
}

/** The draft of one page. Publishing saves what stands here first. */
export function Editor({ slug, draft }: EditorProps) {
  const [text, setText] = useState(draft);
  const { mutateAsync, isPending } = useChange(slug);
  const [said, run] = useSaid();
  const save = () => mutateAsync({ draft: text });
  const publish = async () => {
    await save();
    return mutateAsync('publish');
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
        <button type="button" className="second" disabled={isPending} onClick={() => run(save)}>
          Save draft
        </button>
        <button type="button" disabled={isPending} onClick={() => run(publish)}>
          Publish
        </button>
      </div>
      <output aria-live="polite">{said || '\u00a0'}</output>
    </div>
  );
}
