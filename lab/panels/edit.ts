// Changes of one field of the setting, as all panels ask for them.
import type { DataSetting, Lab, Setting, TrainerSetting } from "../state/types.ts";

/** A change of top fields. */
export function editSetting(lab: Lab, label: string, part: Partial<Setting>, merge?: string): void {
  change(lab, label, (setting) => ({ ...setting, ...part }), merge);
}

export function editTrainer(lab: Lab, label: string, part: Partial<TrainerSetting>, merge?: string): void {
  change(lab, label, (setting) => ({ ...setting, trainer: { ...setting.trainer, ...part } }), merge);
}

export function editData(lab: Lab, label: string, part: Partial<DataSetting>, merge?: string): void {
  change(lab, label, (setting) => ({ ...setting, data: { ...setting.data, ...part } }), merge);
}

export function change(lab: Lab, label: string, edit: (setting: Setting) => Setting, merge?: string): void {
  lab.change(merge === undefined ? { label, edit } : { label, edit, merge });
}
