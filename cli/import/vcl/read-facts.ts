import type { Note } from '../draft.ts';
import { type Condition, conditionOf, type Test } from './conditions.ts';
import { noFacts, type Phase, type VclFacts } from './facts.ts';
import { readSimple } from './simple-statements.ts';
import { type Block, blocksOf, type Statement } from './statements.ts';

/** What the subroutines of a VCL decide, as far as a policy can say it; everything else is quoted. */
export function readVcl(source: string): { readonly facts: VclFacts; readonly blocks: readonly Block[] } {
  const facts = noFacts();
  const blocks = blocksOf(source);
  for (const [, name = ''] of source.matchAll(/\b(?:set|add)\s+(?:be)?req\.http\.([\w-]+)/gi))
    facts.assigned.add(name.toLowerCase());
  for (const { kind, name, body, line } of blocks) {
    if (kind === 'sub' && /^vcl_(?:recv|hash|miss|pass)$/.test(name)) readBody(body, [], 'request', facts);
    else if (kind === 'sub' && /^vcl_(?:fetch|backend_response)$/.test(name))
      readBody(body, [], 'response', facts);
    else if (kind === 'sub') {
      for (const statement of body) quote(statement, name, facts);
      // It is called from somewhere, perhaps.
      if (!name.startsWith('vcl_') && body.some(({ text }) => MAY_PASS.test(text)))
        unknown(line, `sub ${name}`, facts);
    } else if (kind === 'statement') {
      const [statement] = body;
      if (statement === undefined || /^(?:vcl\s|import\s)/.test(statement.text)) continue;
      quote(statement, '', facts);
      if (statement.text.startsWith('include')) unknown(line, statement.text.slice(0, 100), facts);
    } else if (kind !== 'backend') facts.notes.push(notCarried(line, `${kind} ${name}`));
  }
  return { facts, blocks };
}

function readBody(body: readonly Statement[], outer: readonly Test[], phase: Phase, facts: VclFacts): void {
  for (const statement of body) {
    if (statement.branches === null) {
      if (readSimple(statement, outer, phase, body, facts)) continue;
      quote(statement, '', facts);
      // Whatever looks at the path after this sees another one than a client has asked for.
      if (phase === 'request' && /^set req\.url\b/i.test(statement.text))
        unknown(statement.line, statement.text.slice(0, 100), facts);
      continue;
    }
    let before: readonly Test[] = [];
    for (const { condition, body: inner } of statement.branches) {
      const alternatives: Condition = condition === null ? [[]] : conditionOf(condition);
      for (const tests of alternatives) readBody(inner, [...outer, ...before, ...tests], phase, facts);
      // What follows an `else` is without what came before it, where that is one test.
      const [only, ...more] = alternatives;
      before = [
        ...before,
        ...(only !== undefined && more.length === 0 && only.length === 1
          ? only.map((test) => ({ ...test, isNegated: !test.isNegated }))
          : [UNKNOWN]),
      ];
    }
  }
}

const MAY_PASS = /return\s*\(\s*(?:pass|pipe)\s*\)/;

/** Something may pass there that nobody can see here: nothing is kept. */
function unknown(line: number, what: string, facts: VclFacts): void {
  facts.uncertain ??= line;
  const text = `${what}: what passes by it cannot be told, so that nothing is kept at all. Where it is of no use here, take it out of the VCL, or put its statements into vcl_recv, and import again.`;
  facts.notes.push(notCarried(line, text));
}

const UNKNOWN: Test = { kind: 'unknown', text: 'else', isNegated: false };

/** A header that is set to what may be a secret: its value is not repeated. */
const SECRET_VALUE =
  /(\.http\.[\w-]*(?:auth|key|secret|token|pass)[\w-]*\s*=\s*)(?:"[^"]*"|\{"[\s\S]*?"\})/gi;

function quote({ line, text }: Statement, where: string, facts: VclFacts): void {
  const masked = text.replace(SECRET_VALUE, '$1"…"');
  const shown = masked.length > 160 ? `${masked.slice(0, 157)}...` : masked;
  if (
    /^(?:return\s*\(\s*(?:deliver|lookup|hash|fetch|ok|fail)\s*\)|return|call\s)/.test(text) &&
    !/^call/.test(text)
  )
    return;
  const said = facts.notes.some((note) => note.line === line && note.text.startsWith(shown.slice(0, 40)));
  if (!said) facts.notes.push(notCarried(line, where === '' ? shown : `${where}: ${shown}`));
}

function notCarried(line: number, text: string): Note {
  return { kind: 'not-carried', line, text };
}
