// What is said of a session elsewhere than in its rows.
export { spokenAnswer } from '../turns/spokenAnswer.ts';
export { transcriptText } from '../turns/transcriptText.ts';
