import { FaultProxy } from '../workbench/faultProxy.ts';
import { ProcessMark } from '../workbench/markedProcesses.ts';
import { type RestartChanges, type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { Witness } from './witness.ts';

/**
 * What the rounds have in common: one scripted model, one real OpenCode, and two ways to it, one that does harm and
 * one that does not. The addresses of both stay when the server is started again elsewhere.
 */
export class Bed {
  readonly model: ScriptedModel;
  readonly server: RunningOpenCode;
  readonly witness: Witness;
  readonly harmful: FaultProxy;
  readonly clear: FaultProxy;
  readonly #mark: ProcessMark;
  #passwords = 0;

  private constructor(
    parts: Pick<Bed, 'model' | 'server' | 'harmful' | 'clear'> & { readonly mark: ProcessMark },
  ) {
    this.model = parts.model;
    this.server = parts.server;
    this.harmful = parts.harmful;
    this.clear = parts.clear;
    this.#mark = parts.mark;
    this.witness = new Witness(parts.server);
  }

  static async open(seed: number): Promise<Bed> {
    const mark = new ProcessMark();
    const model = await startScriptedModel();
    const server = await startOpenCode({ modelUrl: model.url, environment: mark.environment });
    const harmful = await FaultProxy.to(server.url, { seed });
    const clear = await FaultProxy.to(server.url);
    return new Bed({ model, server, harmful, clear, mark });
  }

  /** Ends the server and starts it again; both ways lead to it then. */
  async restart({
    onAnotherPort = false,
    withAnotherPassword = false,
    signal = 'SIGTERM' as const,
  }: {
    readonly onAnotherPort?: boolean;
    readonly withAnotherPassword?: boolean;
    readonly signal?: NonNullable<RestartChanges['signal']>;
  }): Promise<void> {
    this.#passwords += withAnotherPassword ? 1 : 0;
    await this.server.restart({
      signal,
      onAnotherPort,
      ...(withAnotherPassword ? { password: `password ${this.#passwords}` } : {}),
    });
    for (const way of [this.harmful, this.clear]) way.target = this.server.url;
  }

  /** Ends all; throws, naming them, when processes stay behind. */
  async close(): Promise<void> {
    await this.harmful.close();
    await this.clear.close();
    await this.server.stop();
    await this.model.close();
    await this.#mark.allGone();
  }
}
