// The controls of all panels: a button, a choice among names, a slider, and a group with its name.
import "../style/controls.css";
import { createMemo, createUniqueId, For, type JSX, Show } from "solid-js";
import { Icon, type IconName } from "./icons.tsx";

export interface ButtonProps {
  /** What it does; shown where there is no icon, else read out and shown on pointing. */
  label: string;
  icon?: IconName;
  /** Both the icon and the words. */
  wide?: boolean;
  kind?: "plain" | "main";
  disabled?: boolean;
  /** For what stays on or off. */
  pressed?: boolean;
  /** Keys that do the same, as aria-keyshortcuts wants them. */
  keys?: string;
  onClick: () => void;
}

/** A button that stays focusable while it can do nothing, so that the keyboard does not lose its place. */
export function Button(props: ButtonProps): JSX.Element {
  const words = (): boolean => props.icon === undefined || props.wide === true;
  return (
    <button
      type="button"
      class="button"
      classList={{ "button-main": props.kind === "main", "button-icon": !words() }}
      aria-label={words() ? undefined : props.label}
      title={words() ? undefined : props.label}
      aria-disabled={props.disabled ? "true" : undefined}
      aria-pressed={props.pressed}
      aria-keyshortcuts={props.keys}
      onClick={() => {
        if (!props.disabled) props.onClick();
      }}
    >
      <Show when={props.icon}>{(name) => <Icon name={name()} />}</Show>
      <Show when={words()}>
        <span>{props.label}</span>
      </Show>
    </button>
  );
}

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  /** Few short names stand side by side; by default up to three. */
  segmented?: boolean;
  /** The name is read out, not shown. */
  bare?: boolean;
  onChange: (value: T) => void;
}

/** One of several names. */
export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  return (
    <Show when={props.segmented ?? props.options.length <= 3} fallback={<Select {...props} />}>
      <Segments {...props} />
    </Show>
  );
}

function Select<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const id = createUniqueId();
  const value = createMemo(() => props.value);
  return (
    <div class="field">
      <label class="field-label" classList={{ unseen: props.bare === true }} for={id}>
        {props.label}
      </label>
      <span class="select">
        <select id={id} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
          <For each={props.options}>
            {(option) => (
              <option value={option.value} selected={option.value === value()}>
                {option.label}
              </option>
            )}
          </For>
        </select>
        <Icon name="down" />
      </span>
    </div>
  );
}

function Segments<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const name = createUniqueId();
  return (
    <div class="field">
      <span class="field-label" classList={{ unseen: props.bare === true }} id={name}>
        {props.label}
      </span>
      <div class="segments" role="radiogroup" aria-labelledby={name}>
        <For each={props.options}>
          {(option) => (
            <label class="segment">
              <input
                type="radio"
                class="unseen"
                name={name}
                checked={option.value === props.value}
                onChange={() => props.onChange(option.value)}
              />
              <span>{option.label}</span>
            </label>
          )}
        </For>
      </div>
    </div>
  );
}

export interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  /** The value in words. */
  text: string;
  onInput: (value: number) => void;
}

/** A number by its place on a line, where its order of magnitude is all that matters. */
export function Slider(props: SliderProps): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="slider">
      <label class="slider-label" for={id}>
        {props.label} <output class="slider-value">{props.text}</output>
      </label>
      <input
        id={id}
        type="range"
        min={props.min}
        max={props.max}
        step={props.step ?? 1}
        value={props.value}
        aria-valuetext={props.text}
        onInput={(event) => props.onInput(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}

/** A part of a column with its heading. */
export function Panel(props: { title: string; aside?: JSX.Element; children: JSX.Element }): JSX.Element {
  const id = createUniqueId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{props.title}</h2>
        <Show when={props.aside}>
          <span class="panel-aside">{props.aside}</span>
        </Show>
      </header>
      {props.children}
    </section>
  );
}
