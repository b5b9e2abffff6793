import tseslint from "typescript-eslint";

export default tseslint.config(
  // imports.ts: the parser takes no decorators at the top level, and `@external` has to be there.
  { ignores: ["build/", "node_modules/", "assembly/sdk/wapc/imports.ts"] },
  ...tseslint.configs.recommended,
  {
    files: ["assembly/**/*.ts"],
    rules: {
      // AssemblyScript: `@ts-ignore: decorator` above a top-level decorator is the language's idiom, `==` is
      // identity-free, and numeric types carry meaning that TypeScript does not see.
      "@typescript-eslint/ban-ts-comment": "off",
      "prefer-const": "error",
      // A method of a class below may have no use for what it is given.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-wrapper-object-types": "off",
    },
  },
);
