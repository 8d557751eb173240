import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { ask } from '../api/ask.ts';
import type { User } from '../session/user-session.ts';
import { pagesOf } from './use-page.ts';

export interface ProfileFormProps {
  readonly user: User;
  readonly displayName: string;
}

/**
 * Changes the name. When the answer is there the edge has purged every page of this person; here every copy is invalidated too, since the
 * name stands on more pages than this one.
 */
export function ProfileForm({ user, displayName }: ProfileFormProps) {
  const id = useId();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (name: string) => ask('/api/profile', { method: 'PUT', body: { displayName: name } }),
    // Also when it failed: a write whose answer was lost may have been made.
    onSettled: () => client.invalidateQueries({ queryKey: pagesOf(user) }),
  });
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('displayName');
    if (typeof name === 'string') mutate(name);
  };
  return (
    <form className="row" onSubmit={save}>
      <label htmlFor={id}>Name</label>
      <input
        id={id}
        key={displayName}
        name="displayName"
        defaultValue={displayName}
        required
        maxLength={200}
        autoComplete="off"
      />
      <button type="submit" disabled={isPending}>
        Save
      </button>
      {error && (
        <p className="problem" role="alert">
          {error.message}
        </p>
      )}
    </form>
  );
}
