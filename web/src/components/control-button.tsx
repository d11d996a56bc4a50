import { Icon, type IconName } from "./icons.js";

interface ControlButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  /** For what is on or off. */
  readonly pressed?: boolean;
  onClick(): void;
}

/** A button of the control bar. */
export function ControlButton({ icon, label, shortcut, pressed, onClick }: ControlButtonProps) {
  const title = shortcut === undefined ? label : `${label} (${shortcut.toUpperCase()})`;
  return (
    <button
      type="button"
      class="control"
      aria-label={label}
      aria-keyshortcuts={shortcut}
      aria-pressed={pressed}
      title={title}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
