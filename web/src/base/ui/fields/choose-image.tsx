import { ChooseFile, type ChooseFileProps } from "./choose-file.tsx";

/** An image input dressed as a button. */
export const ChooseImage = (props: Omit<ChooseFileProps, "accept">) => <ChooseFile {...props} accept="image/*" />;
