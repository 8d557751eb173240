import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../root.ts';

const PAGE = /docs\/([\w/-]+\.md)(#[\w-]+)?/g;

/** `docs/how-to/sessions.md` in a comment, as a link from a page of `docs/reference`. */
export function withLinks(text: string): string {
  return text.replace(PAGE, (all, page: string, hash = '') => {
    const file = path.join(root, 'docs', page);
    if (!existsSync(file)) return all;
    const [, title = page] = /^# (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    return `[${title}](${path.posix.relative('reference', page)}${hash})`;
  });
}

const plain = (text: string | ts.NodeArray<ts.JSDocComment> | undefined) =>
  withLinks(ts.getTextOfJSDocComment(text)?.trim() ?? '');

/** The text of a doc comment, without its tags. */
export function docOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return plain(comments.at(-1)?.comment);
}

/** The text of one tag of a doc comment; empty where it has none. */
export const tagOf = (node: ts.Node, name: string) =>
  plain(ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name)?.comment);

/** The tags of a doc comment, as a list; its examples as code. */
export function tagsOf(node: ts.Node): string {
  const examples: string[] = [];
  const list: string[] = [];
  for (const tag of ts.getJSDocTags(node)) {
    const text = plain(tag.comment).replace(/^- /, '');
    if (tag.tagName.text === 'example') examples.push(`\`\`\`ts\n${text}\n\`\`\``);
    else if (ts.isJSDocParameterTag(tag)) list.push(`- \`${tag.name.getText()}\`: ${oneLine(text)}`);
    else if (ts.isJSDocThrowsTag(tag)) {
      const thrown = tag.typeExpression?.type.getText() ?? '';
      list.push(`- throws ${thrown === '' ? '' : `\`${thrown}\` `}${oneLine(text)}`);
    } else if (text !== '') list.push(`- ${tag.tagName.text}: ${oneLine(text)}`);
  }
  return [list.join('\n'), ...examples].filter((part) => part !== '').join('\n\n');
}

export const oneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ');

/** A text in a cell of a table. */
export const cell = (text: string) => oneLine(text).replaceAll(/(?<!\\)\|/g, '\\|');
