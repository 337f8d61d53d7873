import type { Place } from '../places/locations.ts';
import { unavailable } from '../state/apiError.ts';
import type { ModelRef } from '../state/records.ts';
import type { Model } from '../places/config.ts';
import { type ChatMessage, ProviderFailure, streamChat } from './modelClient.ts';
import { toolsOf } from './stepTools.ts';

export function findModel({ config }: Place, ref: ModelRef | undefined): Model | undefined {
  return config.models.find(({ id, providerID }) => id === ref?.id && providerID === ref.providerID);
}

/** One answer as a text; nothing is stored, and calls in it are not made. */
export async function askModel(
  place: Place,
  model: Model,
  messages: readonly ChatMessage[],
  { sessionID = '', signal = new AbortController().signal, withTools = true } = {},
): Promise<string> {
  const tools = withTools ? toolsOf(place) : [];
  let text = '';
  try {
    for await (const chunk of streamChat({ model, sessionID, messages, tools, signal })) {
      if (chunk.type === 'text') text += chunk.text;
    }
  } catch (error) {
    if (error instanceof ProviderFailure) throw unavailable('provider', error.message);
    throw error;
  }
  return text;
}
