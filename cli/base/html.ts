import type { Column } from './table.ts';

/** Text that is HTML already: what `html` makes. Everything else is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Part[];

/**
 * A template of HTML. What stands in it is escaped, unless it was made by this function itself.
 *
 * @example html`<p title="${title}">${name}</p>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, next, i) => `${text}${partText(parts[i - 1] ?? '')}${next}`));
}

function partText(part: Part): string {
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(partText).join('') : escapeHtml(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters become U+FFFD: nothing in a report is invisible. */
function escapeHtml(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '\ufffd').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** A table. What is aligned to the right are numbers. */
export function htmlTable(columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  const kind = (i: number) => (columns[i]?.align === 'right' ? 'number' : 'text');
  return html`<div class="scroll"><table><thead><tr>${columns.map(({ title }, i) => html`<th scope="col" class="${kind(i)}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, i) => html`<td class="${kind(i)}">${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly tone?: 'good' | 'bad' | 'warn';
}

/** The numbers that count, side by side. */
export function htmlFigures(figures: readonly Figure[]): Html {
  return html`<dl class="figures">${figures.map(({ name, value, tone = 'plain' }) => html`<div><dt>${name}</dt><dd class="${tone}">${value}</dd></div>`)}</dl>`;
}

/**
 * A report as one file that can be mailed: no script, nothing loaded, readable in light and dark mode and on paper.
 *
 * @param subtitle - What it is about, and when.
 */
export function htmlPage(title: string, subtitle: string, body: readonly Html[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
${body.map((part) => html`${part}\n`)}</main>
</body>
</html>
`.text;
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; color: light-dark(#1a1d23, #e8eaee); background: light-dark(#fff, #14171c); }
body { margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; overflow-wrap: anywhere; }
.subtitle { color: light-dark(#545b68, #a8b0be); margin: 0.25rem 0 1.5rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.75rem; margin: 0; }
.figures div { border: 1px solid light-dark(#d8dce3, #363c47); border-radius: 0.5rem; padding: 0.6rem 0.9rem; }
dt { color: light-dark(#545b68, #a8b0be); }
dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.good { color: light-dark(#12703c, #6cd49a); }
.bad { color: light-dark(#b3261e, #ff9a92); }
.warn { color: light-dark(#8a5200, #f0b860); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: start; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid light-dark(#d8dce3, #363c47); }
.number { text-align: end; white-space: nowrap; }
ul { margin: 0.25rem 0; padding-inline-start: 1.25rem; overflow-wrap: anywhere; }
code { font: 0.9em ui-monospace, monospace; }
`;
