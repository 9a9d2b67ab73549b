"""What schema, modes, policies and groups say about every cell, without a call.

`reading.read_declared` reads an API, `files.declared_from_files` the same from files; `predict.predict` says what a
cell has to show, `static.static_findings` what is wrong before anything runs, `labels` how fields are called and when
an observation fits a prediction.
"""
