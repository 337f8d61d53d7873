// What few rows have, or nobody sees before a message is pointed at.
export { foldAttempts } from './attempts.ts';
export { FoldButton } from './foldButton.ts';
export { addMessageActions } from './messageActions.ts';
