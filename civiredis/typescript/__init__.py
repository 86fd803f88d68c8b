"""One registry for Python and TypeScript: written as a TypeScript module, and read from one.

The two languages say the same with what each has: nested classes and nested object literals, docstrings and JSDoc,
`KeyOf[CacheKeys]` and a template-literal type.
"""
