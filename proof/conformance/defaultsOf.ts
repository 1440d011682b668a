/** What a form is filled in with when the user accepts it as it stands: the default of every field that has one. */
export function defaultsOf(params: unknown): Record<string, unknown> {
  const { requestedSchema } = params as { requestedSchema: { properties: Record<string, { default?: unknown }> } };
  return Object.fromEntries(
    Object.entries(requestedSchema.properties).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  );
}
