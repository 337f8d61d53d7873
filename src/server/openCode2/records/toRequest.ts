import { l10n } from '../../../core/l10n.ts';
import type { PermissionRequest, QuestionRequest } from '../../../protocol/records.ts';
import { withoutUndefined } from '../../../core/withoutUndefined.ts';
import type { WireField, WireForm, WirePermission } from './wire.ts';

export function toPermission(request: WirePermission): PermissionRequest {
  const { id, sessionID, action, resources, save, source, metadata = {}, message } = request;
  return {
    id,
    sessionID,
    permission: action,
    patterns: resources,
    always: save,
    metadata: message === undefined ? metadata : { message, ...metadata },
    ...(source === undefined ? {} : { tool: { messageID: source.messageID, callID: source.id } }),
  };
}

/** Whether a form asks what an agent wants to know; others may ask for anything, in forms that are not known here. */
export function isQuestion({ metadata }: WireForm): boolean {
  return metadata.kind === 'question';
}

export function toQuestion(form: WireForm): QuestionRequest {
  const { id, sessionID, metadata, fields } = form;
  const tool = metadata.tool && { messageID: metadata.tool.messageID, callID: metadata.tool.id };
  const questions = isQuestion(form) ? fields.map(toField) : [elsewhere(form)];
  return { id, sessionID, questions, ...withoutUndefined({ tool }) };
}

function toField({
  title,
  description,
  type,
  options = [],
  custom,
}: WireField): QuestionRequest['questions'][number] {
  return {
    question: description === '' ? title : description,
    header: title,
    options: options.map(({ value, label, description: told }) => ({
      label: label ?? value,
      description: told,
    })),
    multiple: type === 'multiselect',
    ...withoutUndefined({ custom }),
  };
}

function elsewhere({ title }: WireForm): QuestionRequest['questions'][number] {
  return {
    question: l10n.t(
      '{0}: this can only be answered in OpenCode’s own terminal or app. Here it can be rejected.',
      title,
    ),
    header: title,
    options: [],
    custom: false,
  };
}

/** The answers to the fields of a form, by their keys. */
export function toFormAnswer(
  { fields }: WireForm,
  answers: readonly (readonly string[])[],
): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field, index) => {
      const chosen = (answers[index] ?? []).map((label) => valueOf(field, label));
      return [field.key, field.type === 'multiselect' ? chosen : (chosen[0] ?? '')];
    }),
  );
}

/** A person is shown labels; what is no label of an option are their own words. */
function valueOf({ options = [] }: WireField, label: string): string {
  return options.find((option) => (option.label ?? option.value) === label)?.value ?? label;
}
