"""Servers that write, speak or draw for us, where the operator configured one: any that answers as OpenAI's does."""
