/** A button that is an icon; its label is what it does. */
import { Icon } from "../../controls/Icon.tsx";

export interface IconButtonProps {
  icon: string;
  label: string;
  disabled?: boolean;
  place?: string;
  onClick(): void;
}

export function IconButton({ icon, label, disabled, place, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      title={label}
      aria-label={label}
      disabled={disabled}
      data-place={place}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
