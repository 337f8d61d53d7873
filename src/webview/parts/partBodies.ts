// What is read once something is opened, as one piece of the page; other pieces take what they show of it from here.
export { diffView } from './diffNodes.ts';
export { todoList } from './todoList.ts';
export { ToolBody } from './toolBody.ts';
