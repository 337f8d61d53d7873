// What is said of a session elsewhere than in its rows.
export { spokenAnswer } from './spokenAnswer.ts';
export { transcriptText } from './transcriptText.ts';
