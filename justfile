# The commands of every day. `.ci/run` is the whole truth; these are its parts and the inner loop.

# List the recipes
default:
    @just --list

# Everything that is quick: format, lints, structure, spelling
check:
    .ci/run format lint structure spelling

# Every test on every backend; `just test -p storage` narrows it
test *arguments:
    cargo xtask test -- {{ arguments }}

# The inner loop: no database server
test-sqlite *arguments:
    cargo xtask test --backend sqlite -- {{ arguments }}

# The server with the settings of this folder
run *arguments:
    cargo run -- {{ arguments }}

# Write the references that come from the binary
docs:
    cargo xtask generate

# The binary as it is delivered
release:
    cargo build --release --locked --package server

# Format everything
fmt:
    cargo fmt --all
