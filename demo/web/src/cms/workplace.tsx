import { useState } from 'react';
import { Editor } from './editor.tsx';
import { usePageList } from './use-cms.ts';
import { View } from './view.tsx';

/** Chooses a page; edits it; shows it as its three readers get it. */
export function Workplace() {
  const { data, error } = usePageList();
  const [chosen, choose] = useState('welcome');
  const page = data?.body.pages.find(({ slug }) => slug === chosen);
  return (
    <>
      <div className="toolbar">
        <label htmlFor="page">Page</label>
        <select id="page" value={chosen} onChange={(event) => choose(event.target.value)}>
          {(data?.body.pages ?? [{ slug: chosen }]).map(({ slug }) => (
            <option key={slug}>{slug}</option>
          ))}
        </select>
        {error && (
          <p className="problem" role="alert">
            {error.message}
          </p>
        )}
      </div>
      <div className="cards pairs">
        <section className="card" aria-label="Draft">
          {page ? <Editor key={page.slug} slug={page.slug} draft={page.draft} /> : <div className="editor" />}
        </section>
        <View slug={chosen} as="anybody" title="Everybody else" />
        <View slug={chosen} as="preview" title="Preview" />
        <View slug={chosen} as="mine" title="You, on the site" />
      </div>
    </>
  );
}
