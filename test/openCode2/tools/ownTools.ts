import type { Answer } from '../places/forms.ts';
import { fileTools } from './fileTools.ts';
import { shell } from './shell.ts';
import { schemaOf, textIn, textResult, type Tool } from './tool.ts';

interface Question {
  readonly question: string;
  readonly header?: string;
  readonly options?: readonly { readonly label: string; readonly description?: string }[];
  readonly multiple?: boolean;
  readonly custom?: boolean;
}

const question: Tool = {
  name: 'question',
  description: 'Asks the person.',
  input: { type: 'object', properties: { questions: { type: 'array' } }, required: ['questions'] },
  async run(input, context) {
    if (!Array.isArray(input['questions'])) throw new Error('The argument "questions" is missing.');
    const questions = input['questions'] as readonly Question[];
    await context.allow({ action: 'question', resources: ['*'] });
    const answer = await context.askForm({
      title: questions[0]?.header ?? 'Question',
      metadata: { kind: 'question', tool: { messageID: context.messageID, id: context.id } },
      fields: questions.map(({ question, header, options = [], multiple, custom }, at) => ({
        key: `q${at}`,
        ...(header === undefined ? {} : { title: header }),
        description: question,
        type: multiple === true ? 'multiselect' : 'string',
        options: options.map((option) => ({ value: option.label, ...option })),
        custom: custom !== false,
      })),
    });
    const answers = questions.map((_, at) => answersOf(answer, `q${at}`));
    const lines = questions.map(({ question }, at) => `${question} = ${answers[at]?.join(', ')}`);
    return textResult(`The person has answered:\n${lines.join('\n')}`, { answers });
  },
};

function answersOf(answer: Answer, key: string): string[] {
  return [answer[key] ?? []].flat().map(String);
}

const subagent: Tool = {
  name: 'subagent',
  description: 'Has another agent work on a part of the task.',
  input: schemaOf(['agent', 'description', 'prompt'], ['background', 'sessionID', 'model']),
  async run(input, context) {
    const agent = textIn(input, 'agent');
    await context.allow({ action: 'subagent', resources: [agent], save: [agent] });
    return context.runSubagent({
      agent,
      description: typeof input['description'] === 'string' ? input['description'] : agent,
      prompt: textIn(input, 'prompt'),
      background: input['background'] === true,
      sessionID: typeof input['sessionID'] === 'string' ? input['sessionID'] : undefined,
    });
  },
};

const webfetch: Tool = {
  name: 'webfetch',
  description: 'Fetches a page.',
  input: schemaOf(['url']),
  async run(input, context) {
    const url = textIn(input, 'url');
    await context.allow({ action: 'webfetch', resources: [url], save: ['*'] });
    throw new Error(`Nothing of the web is fetched here: ${url}`);
  },
};

export const ownTools: readonly Tool[] = [...fileTools, shell, question, subagent, webfetch];
