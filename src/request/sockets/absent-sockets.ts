import type { Sockets } from './sockets.ts';

function absent(): never {
  throw new Error('no route of the policy has sockets');
}

/** Stands in where no route of the policy has sockets: nobody asks for one. */
const sockets: Sockets = { isAsked: () => false, plan: absent, handOff: absent };

export default sockets;
