"""Other libraries' ways of speaking: Gymnasium's name, older dialects of Gym, Stable-Baselines3.

Nothing here is imported unless a program asks for it by name.
"""
