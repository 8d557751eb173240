import type { ResponseFacts } from '../api/response-facts.ts';
import { meaningOf, numbersOf, splitOf } from '../ui/provenance-text.ts';

/** The same line as under a card of the dashboard. */
export function showProvenance(place: HTMLElement, facts: ResponseFacts): void {
  place.dataset.state = facts.state;
  place.replaceChildren(
    element('strong', 'badge', facts.state),
    element('span', 'provenance-numbers', numbersOf(facts).join(' · ')),
    element('span', 'provenance-split', splitOf(facts) ?? ''),
    element('span', 'provenance-meaning', meaningOf(facts)),
  );
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
