"""The addresses: those for users, then the data that the pages request."""

from __future__ import annotations

from django.urls import path

from pages.views import (
    classic,
    compare,
    documents,
    interview,
    landing,
    path_tester,
    persona_state,
    player,
    report,
    whisper,
)

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("simulator_home", player.simulator_home, name="simulator_home"),
    path("simulator_home/", player.simulator_home),
    path("live/<str:sim>", player.follow, name="live"),
    path("live/<str:sim>/", player.follow),
    path("replay/<str:sim>/<str:step>/", player.replay, name="replay"),
    path("demo/<str:sim>/<str:step>/<str:speed>/", player.demo, name="demo"),
    path("replay_persona_state/<str:sim>/<str:step>/<str:persona>/", persona_state.persona_state, name="persona_state"),
    path("process_environment/", classic.process_environment),
    path("update_environment/", classic.update_environment),
    path("report/<str:sim>/", report.report, name="report"),
    path("report/<str:sim>/new/", report.make, name="make_report"),
    path("report/<str:sim>/<str:name>", report.file, name="report_file"),
    path("compare/", compare.choose, name="choose_two"),
    path("compare/<str:sim>/<str:other>/", compare.compare, name="compare"),
    path("compare/<str:sim>/<str:other>/measures/", compare.measured, name="compare_measures"),
    path("path_tester/", path_tester.walk, name="path_tester"),
    path("path_tester_update/", path_tester.save, name="path_tester_update"),
    # Data
    path("status/", player.latest_status, name="latest_status"),
    path("status/<str:sim>/", player.live_status, name="live_status"),
    path("steps/<str:sim>/<int:first>/", player.steps, name="steps"),
    path("demo_steps/<str:sim>/<int:first>/", player.demo_steps, name="demo_steps"),
    path("talks/<str:sim>/<int:first>/", player.talks, name="talks"),
    path("demo_talks/<str:sim>/<int:first>/", player.demo_talks, name="demo_talks"),
    path("make_demo/<str:sim>/<str:step>/<str:speed>/", player.make_demo, name="make_demo"),
    path("tiles/<str:maze>/", player.tiles, name="tiles"),
    path("map/<str:maze>/", player.map_picture, name="map_picture"),
    path("card/<str:sim>/<int:step>/<str:persona>/", player.persona_card, name="persona_card"),
    path("why/<str:sim>/<int:step>/<str:persona>/", player.reasons, name="why"),
    path("cost/<str:sim>/", player.cost, name="cost"),
    path("interview/<str:sim>/<str:persona>/", interview.interview, name="interview"),
    path("whispers/<str:sim>/", whisper.whispers, name="whispers"),
    path("export/<str:sim>/<str:name>", documents.document, name="document"),
    path("share/<str:sim>.html", documents.single_file, name="single_file"),
]
