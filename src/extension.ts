import { setTimeout as delay } from 'node:timers/promises';
import { l10n as editorL10n, type ExtensionContext } from 'vscode';
import type { Disposable } from './core/event.ts';
import { l10n } from './core/l10n.ts';
import { registerAttachmentSystem } from './editor/keeping/attachmentSystem.ts';
import { registerDocumentSystem } from './editor/documents/documentSystem.ts';
import { registerDraftFiles } from './editor/drafts/draftFiles.ts';
import { registerEarlyViews } from './editor/earlyViews.ts';
import { createLogChannel } from './editor/logChannel.ts';
import { registerCommands } from './editor/registerCommands.ts';
import { createShowProblem } from './editor/asking/showProblem.ts';
import { registerUriHandler } from './editor/uriHandler.ts';
import type { House, HouseInput } from './wiring/house.ts';

/**
 * Registers what the editor may ask for at once, and leaves its thread to others: the house is loaded as soon as
 * the extension counts as active, as it is twenty times as large. What is asked meanwhile waits for it. Who creates disposes: all that is made here ends
 * with the extension.
 */
export function activate(context: ExtensionContext): void {
  const own = <Owned extends Disposable>(owned: Owned): Owned => {
    context.subscriptions.push(owned);
    return owned;
  };
  l10n.use(editorL10n.t);
  const log = own(createLogChannel());
  const report = createShowProblem(log);
  const draftFiles = registerDraftFiles(context, own);
  const earlyViews = registerEarlyViews(own);
  const house = loadHouse({ context, draftFiles, earlyViews, report, log });
  own(registerCommands(async (id, ...given) => (await house).commands[id](...given), report));
  const openLink = async (target: unknown): Promise<unknown> =>
    (await house).commands['opencodeSessions.session.open'](target);
  own(registerUriHandler(openLink, report));
  // A tab with a picture is back before the house after a reload of the window, and asks for it once.
  own(registerAttachmentSystem(async (path) => (await house).readAttachment(path)));
  // So is one with a document of a session.
  own(registerDocumentSystem(async () => (await house).documents));
  house.catch(report);
}

async function loadHouse(input: HouseInput): Promise<House> {
  await activated(input.context);
  const { createHouse } = await import('./wiring/house.ts');
  const house = createHouse(input);
  input.context.subscriptions.push(house);
  return house;
}

/** Resolves when the editor counts the extension as active, some turns after `activate` has returned (1.139: 14 ms). */
async function activated({ extension }: ExtensionContext): Promise<void> {
  const deadline = performance.now() + 500;
  do await delay(5);
  while (!extension.isActive && performance.now() < deadline);
}
