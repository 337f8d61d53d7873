/** What an agent is told of something that Stop All holds. */
export const heldForAgent = 'The user pressed Stop All: nothing is sent by itself until they release it.';
