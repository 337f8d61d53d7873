import { l10n } from '../core/l10n.ts';
import { showUnseen } from '../core/plainText.ts';
import type { FromPage, QuestionEntry } from '../protocol/page.ts';
import { setAnswered } from './answered.ts';
import { element, icon, textButton } from './element.ts';
import { linkedText } from './fileLink.ts';

type Question = QuestionEntry['questions'][number];

/** Questions of the agent, as one form of native radio buttons, boxes and text fields. */
export function questionCard(
  request: QuestionEntry,
  sessionId: string,
  post: (message: FromPage) => void,
): HTMLElement {
  const fields = request.questions.map((question, index) =>
    questionField(question, `${request.id}-${index}`),
  );
  const { id: requestId } = request;
  const submit = textButton({
    label: l10n.t('Answer'),
    class: 'primary',
    testId: 'question-answer',
    run: () => form.requestSubmit(),
  });
  const form = element(
    'form',
    {
      class: 'request',
      'data-testid': 'question',
      'data-request-id': requestId,
      'aria-label': l10n.t('The agent asks you'),
      on: {
        // A form of several text fields is not sent by Enter by itself.
        keydown: (event: KeyboardEvent) => {
          if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement))
            return;
          event.preventDefault();
          form.requestSubmit();
        },
        submit: (event: SubmitEvent) => {
          event.preventDefault();
          const answers = fields.map((field) => field.read());
          const missing = fields.find((_, index) => answers[index]?.length === 0);
          if (missing) {
            missing.complain();
            return;
          }
          setAnswered(form, true);
          post({ type: 'replyQuestion', sessionId: request.sessionId, requestId, answers });
        },
      },
    },
    element(
      'div',
      { class: 'request-title' },
      icon('question'),
      element('span', { text: l10n.t('The agent asks you') }),
    ),
    request.sessionId !== sessionId &&
      request.sessionTitle !== undefined &&
      element('div', {
        class: 'request-origin',
        text: l10n.t('Asked by the subagent “{0}”', request.sessionTitle),
      }),
    ...fields.map((field) => field.element),
    element(
      'div',
      { class: 'request-buttons' },
      submit,
      textButton({
        label: l10n.t('Dismiss'),
        class: 'secondary',
        testId: 'question-dismiss',
        title: l10n.t('Ends the run'),
        run: () => {
          setAnswered(form, true);
          post({ type: 'rejectQuestion', sessionId: request.sessionId, requestId });
        },
      }),
    ),
  );
  return form;
}

interface QuestionField {
  readonly element: HTMLElement;
  read(): string[];
  complain(): void;
}

function questionField(question: Question, name: string): QuestionField {
  const boxes = question.options.map((option, index) =>
    element('input', {
      type: question.multiple ? 'checkbox' : 'radio',
      name,
      value: option.label,
      'data-testid': `question-option-${index}`,
    }),
  );
  const own = element('input', {
    type: 'text',
    class: 'own-answer',
    placeholder: l10n.t('Your own answer…'),
    'aria-label': l10n.t('Your own answer'),
    'data-testid': 'question-own',
  });
  if (!question.multiple) {
    own.addEventListener('input', () => {
      for (const box of boxes) box.checked = false;
    });
    for (const box of boxes) {
      box.addEventListener('change', () => {
        own.value = '';
      });
    }
  }
  const complaint = element('div', { class: 'complaint', role: 'alert' });
  return {
    element: element(
      'fieldset',
      { class: 'question' },
      // A plan to agree to is named by its file (1.18).
      element('legend', {}, ...linkedText(showUnseen(question.question))),
      ...question.options.map((option, index) =>
        element(
          'label',
          { class: 'option' },
          boxes[index],
          element('span', { class: 'option-label', text: showUnseen(option.label) }),
          option.description !== '' &&
            element('span', { class: 'option-description', text: showUnseen(option.description) }),
        ),
      ),
      question.custom && own,
      complaint,
    ),
    read: () => [
      ...boxes.filter((box) => box.checked).map((box) => box.value),
      ...(own.value.trim() === '' ? [] : [own.value.trim()]),
    ],
    complain: () => {
      complaint.textContent = l10n.t('Choose an answer first.');
      (boxes[0] ?? own).focus();
    },
  };
}
