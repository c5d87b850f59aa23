"""Settings: the key, and where the maps and simulations are.

Users keep their own copy of this file with their key in it. Relative paths in it are relative to this folder.
"""

from pathlib import Path

_frontend_server = Path(__file__).resolve().parents[2] / "environment" / "frontend_server"

openai_api_key = "<your OpenAI API key>"
key_owner = "<your name>"

maze_assets_loc = str(_frontend_server / "static_dirs" / "assets")
env_matrix = ""  # the matrix folder to use if the maze_name of a simulation is not a folder in maze_assets_loc
env_visuals = str(_frontend_server / "static_dirs" / "assets" / "willow_bend" / "visuals")

fs_storage = str(_frontend_server / "storage")
fs_temp_storage = str(_frontend_server / "temp_storage")

collision_block_id = "32125"

debug = False
