package main

import "github.com/spf13/cobra"

func (a *app) fixCommand() *cobra.Command { return &cobra.Command{Use: "fix", Hidden: true} }
