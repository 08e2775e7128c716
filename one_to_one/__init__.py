"""The rules of one-to-one marketing: plain Python, without database, network or Rasa."""
