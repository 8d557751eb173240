import '../styles/base.css';
import { documentFacts } from './document-facts.ts';
import { leaveEmptyPage } from './leave-empty-page.ts';
import { showProvenance } from './show-provenance.ts';

leaveEmptyPage();
const place = document.querySelector<HTMLElement>('.provenance');
const facts = documentFacts();
if (place !== null && facts !== null) showProvenance(place, facts);
