import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["build/", "node_modules/"] },
  ...tseslint.configs.recommended,
  {
    files: ["assembly/**/*.ts"],
    rules: {
      // AssemblyScript: `@ts-ignore: decorator` above a top-level decorator is the language's idiom, `==` is
      // identity-free, and numeric types carry meaning that TypeScript does not see.
      "@typescript-eslint/ban-ts-comment": "off",
      "prefer-const": "error",
      "@typescript-eslint/no-wrapper-object-types": "off",
    },
  },
);
