"""What ``rfft rules check`` looks at.

`examine` looks at one task in this process; `check` looks at many in processes of their own, so
that a task that never ends, or prints, or breaks its interpreter, is a finding like any other.
"""
