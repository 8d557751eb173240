import type { Step } from './explanation.ts';

/** Writes down what the edge looks at, in order. */
export interface StepRecorder {
  /** What is looked at from now on: where an error comes, it belongs there. */
  at(step: Step['step']): void;
  add(text: string): void;
  steps(): readonly Step[];
}

export function createStepRecorder(): StepRecorder {
  const steps: Step[] = [];
  let current: Step['step'] = 'normalize';
  return {
    at(step) {
      current = step;
    },
    add: (text) => void steps.push({ step: current, text }),
    steps: () => steps,
  };
}
