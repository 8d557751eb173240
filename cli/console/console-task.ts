/** What the page may ask of the console, in the operator's name. */
const TASKS = ['purge', 'explain', 'status', 'switch'] as const;
export type ConsoleTask = (typeof TASKS)[number];

/** What a path of the console asks for; null: nothing of the operator's. */
export function taskOf(path: string): ConsoleTask | null {
  return TASKS.find((task) => path === `/${task}`) ?? null;
}
