import { l10n } from '../../core/l10n.ts';
import type { ComposerChoices, ComposerDraft, PickedTarget } from '../../protocol/page/composer.ts';
import type { Picked } from '../../protocol/page/toPage.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { element } from '../dom/element.ts';
import { ModelNotice } from './modelNotice.ts';
import { Picker } from './picker.ts';
import type { PickerItem } from './pickerList.ts';

type Model = NonNullable<ComposerDraft['model']>;

const none: ComposerChoices = { agents: [], models: [], commands: [] };

export interface ChoiceWays {
  /** Asks for what could not be had. */
  readonly askAgain: () => void;
  /** Goes to where the prompt is written. */
  readonly goOn: () => void;
}

/** Which agent, model and variant answer the next prompt: what was picked, else what the session uses. */
export class ComposerChoice {
  readonly element: HTMLElement;
  readonly #agents: Picker;
  readonly #models: Picker;
  readonly #variants: Picker;
  readonly #onChange: () => void;
  readonly #run: (command: string) => void;
  readonly #notice: ModelNotice;
  #choices = none;
  #agent: string | undefined;
  #model: Model | undefined;
  #header: SessionHeader | undefined;

  /** `run` runs a command that a list offers. */
  constructor(onChange: () => void, run: (command: string) => void, { askAgain, goOn }: ChoiceWays) {
    this.#onChange = onChange;
    this.#run = run;
    this.#notice = new ModelNotice(run, { switchModel: () => this.open('model'), askAgain });
    this.#agents = new Picker({
      name: l10n.t('Agent'),
      icon: 'robot',
      testId: 'agent-picker',
      filterLabel: l10n.t('Find an agent'),
      onPick: (name) => this.#pickAgent(name),
      goOn,
    });
    this.#models = new Picker({
      name: l10n.t('Model'),
      testId: 'model-picker',
      filterLabel: l10n.t('Find a model'),
      onPick: (id) => this.#pickModel(id),
      goOn,
    });
    this.#variants = new Picker({
      name: l10n.t('Variant'),
      testId: 'variant-picker',
      filterLabel: l10n.t('Find a variant'),
      onPick: (variant) => this.#pickVariant(variant),
      goOn,
    });
    this.element = element(
      'div',
      { class: 'choices' },
      this.#agents.element,
      this.#models.element,
      this.#variants.element,
    );
    this.#render();
  }

  /** Says what a person should know of the model before a prompt is sent. */
  get notice(): HTMLElement {
    return this.#notice.element;
  }

  /** What a person picked and no prompt has taken yet. Nothing else is sent: the host knows what the session uses. */
  get picked(): PickedTarget {
    return withoutUndefined({ agent: this.#agent, model: this.#model });
  }

  /** Opens one of the lists, where there is something to pick from. */
  open(what: Picked): void {
    ({ agent: this.#agents, model: this.#models, variant: this.#variants })[what].open();
  }

  /** Whether nothing is known of what can be chosen. */
  get isEmpty(): boolean {
    return this.#choices.agents.length === 0;
  }

  get offered(): ComposerChoices {
    return this.#choices;
  }

  /** What the host told last of the session. */
  get header(): SessionHeader | undefined {
    return this.#header;
  }

  /** Takes what was picked in a draft. */
  use(draft: ComposerDraft): void {
    this.#agent = draft.agent;
    this.#model = draft.model;
    this.#render();
  }

  /**
   * Forgets what was picked for a prompt that was taken, so that the pickers follow the session again, or
   * show what is `kept`.
   */
  release({ agent, model }: PickedTarget, kept: PickedTarget): void {
    if (this.#agent === agent) this.#agent = kept.agent;
    if (isSameModel(this.#model, model)) this.#model = kept.model;
    this.#render();
  }

  /** Takes what the session uses. */
  useHeader(header: SessionHeader): void {
    this.#header = header;
    this.#render();
  }

  offer(choices: ComposerChoices): void {
    this.#choices = choices;
    this.#render();
  }

  #pickAgent(name: string): void {
    this.#agent = name;
    const own = this.#choices.agents.find((agent) => agent.name === name)?.model;
    if (own) this.#model = own;
    this.#changed();
  }

  #pickModel(id: string): void {
    const choice = this.#choices.models.find((model) => modelId(model) === id);
    if (choice) this.#model = { providerID: choice.providerID, modelID: choice.modelID };
    this.#changed();
  }

  #pickVariant(variant: string): void {
    const model = this.#shownModel;
    if (!model) return;
    const { providerID, modelID } = model;
    this.#model = variant === '' ? { providerID, modelID } : { providerID, modelID, variant };
    this.#changed();
  }

  get #shownModel(): Model | undefined {
    return this.#model ?? this.#header?.model;
  }

  #changed(): void {
    this.#render();
    this.#onChange();
  }

  #render(): void {
    const { agents, models, connect, failure } = this.#choices;
    const model = this.#shownModel;
    const chosen = models.find((choice) => model && modelId(choice) === modelId(model));
    this.#notice.show({ ...this.#choices, note: chosen?.note });
    const agent = this.#agent ?? this.#header?.agent;
    const isAwaited = this.#choices === none || (failure !== undefined && this.isEmpty);
    this.#agents.show(
      agents.map(({ name, description }) => ({ id: name, label: name, detail: description })),
      agent,
      isAwaited ? (agent ?? l10n.t('Agent')) : undefined,
    );
    this.#models.show(
      [
        ...models.map((choice) => ({ id: modelId(choice), label: choice.name, model: choice })),
        ...(connect ? [this.#connectItem(connect)] : []),
      ],
      model && modelId(model),
      isAwaited ? (model?.modelID ?? l10n.t('Model')) : undefined,
    );
    const variants = chosen?.variants ?? [];
    this.#variants.show(
      variants.length === 0
        ? []
        : [
            { id: '', label: l10n.t('Default') },
            ...variants.map((variant) => ({ id: variant, label: variant })),
          ],
      model?.variant === undefined || model.variant === 'default' ? '' : model.variant,
      isAwaited && model?.variant !== 'default' ? model?.variant : undefined,
    );
  }

  #connectItem({ title, command }: NonNullable<ComposerChoices['connect']>): PickerItem {
    return { id: command, label: title, run: () => this.#run(command) };
  }
}

const modelId = (model: { providerID: string; modelID: string }): string =>
  `${model.providerID}/${model.modelID}`;

function isSameModel(one: Model | undefined, other: Model | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return modelId(one) === modelId(other) && one.variant === other.variant;
}
