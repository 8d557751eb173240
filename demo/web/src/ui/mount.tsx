import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/base.css';

export function mount(page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no #root');
  createRoot(root).render(<StrictMode>{page}</StrictMode>);
}
