//! The one table of rights: operation × role (R17). A test walks every operation of the REST API with
//! every role and compares; one that is missing here fails it.

use super::operation::operations;

operations! {
    Service {
        CheckAlive                "check_alive"                Read  [anybody]
        CheckReady                "check_ready"                Read  [anybody]
        ShowMetrics               "show_metrics"               Read  [anybody]
    }
    //                                                                clerk finance organization auditor admin
    Reference {
        ListCooperatives          "list_cooperatives"          Read  [x x - x x]
        ListFunds                 "list_funds"                 Read  [x x - x x]
        ListOrganizations         "list_organizations"         Read  [x x - x x]
        ListCampaigns             "list_campaigns"             Read  [x x - x x]
        GetCampaign               "get_campaign"               Read  [x x - x x]
        // As a file of campaigns may be imported.
        CreateCampaign            "create_campaign"            Write [- x - - x]
        EditCampaign              "edit_campaign"              Write [- x - - x]
        SwitchPublicPage          "switch_public_page"         Write [- x - - x]
        ListCycles                "list_cycles"                Read  [x x - x x]
        ListOfferings             "list_offerings"             Read  [x x - x x]
        LookUpOrderNumber         "look_up_order_number"       Read  [x x - x x]
        ImportCatalogue           "import_catalogue"           Write [- x - - x]
        ShowCalendar              "show_calendar"              Read  [x x - x x]
        ProposeCycles             "propose_cycles"             Read  [- x - - x]
        GetCycle                  "get_cycle"                  Read  [x x - x x]
        AddCycles                 "add_cycles"                 Write [- x - - x]
        CorrectCycle              "correct_cycle"              Write [- x - - x]
        ListTodaysOfferings       "list_todays_offerings"      Read  [x x - x x]
        AddOffering               "add_offering"               Write [- x - - x]
        CorrectOffering           "correct_offering"           Write [- x - - x]
        CopyOfferings             "copy_offerings"             Write [- x - - x]
        AddCooperative            "add_cooperative"            Write [- x - - x]
        CorrectCooperative        "correct_cooperative"        Write [- x - - x]
        AddFund                   "add_fund"                   Write [- x - - x]
        CorrectFund               "correct_fund"               Write [- x - - x]
        AddOrganization           "add_organization"           Write [- x - - x]
        CorrectOrganization       "correct_organization"       Write [- x - - x]
    }
    Members {
        ListMembers               "list_members"               Read  [x x - x -]
        FindMember                "find_member"                Read  [x x - x -]
        ExplainAmount             "explain_amount"             Read  [x x - x -]
        ImportMembers             "import_members"             Write [x x - - -]
        PrintMemberData           "print_member_data"          Read  [x x - x -]
        WeighErasure              "weigh_erasure"              Read  [- - - - x]
        EraseMember               "erase_member"               Write [- - - - x]
        ShowRetention             "show_retention"             Read  [- - - x x]
        ApplyRetention            "apply_retention"            Write [- - - - x]
    }
    Intake {
        SearchApplications        "search_applications"        Read  [x x - x -]
        GetApplication            "get_application"            Read  [x x - x -]
        RecordApplication         "record_application"         Write [x - - - -]
        RecordApplications        "record_applications"        Write [x - - - -]
        VoidApplication           "void_application"           Write [x x - - -]
        UndoDecision              "undo_decision"              Write [x x - - -]
        PreviewImport             "preview_import"             Read  [x x - - -]
        ImportApplications        "import_applications"        Write [x - - - -]
        StartImport               "start_import"               Write [x x - - x]
        GetImport                 "get_import"                 Read  [x x - x x]
        ListSheets                "list_sheets"                Read  [x x - x -]
        GetSheet                  "get_sheet"                  Read  [x x - x -]
        OpenSheet                 "open_sheet"                 Write [x - - - -]
        SetControlTotals          "set_control_totals"         Write [x - - - -]
        PutSheetLine              "put_sheet_line"             Write [x - - - -]
        RemoveSheetLine           "remove_sheet_line"          Write [x - - - -]
        KeySecondTime             "key_second_time"            Write [x - - - -]
        RemoveSecondLine          "remove_second_line"         Write [x - - - -]
        CompareKeyings            "compare_keyings"            Write [x - - - -]
        PostSheet                 "post_sheet"                 Write [x x - - -]
        DiscardSheet              "discard_sheet"              Write [x x - - -]
    }
    Review {
        ListHolds                 "list_holds"                 Read  [x x - x -]
        WeighHold                 "weigh_hold"                 Read  [x x - x -]
        ResolveHold               "resolve_hold"               Write [x x - - -]
        ResolveHolds              "resolve_holds"              Write [x x - - -]
        CorrectHold               "correct_hold"               Write [x x - - -]
    }
    Pledges {
        ListPledges               "list_pledges"               Read  [x x - x -]
        GetPledge                 "get_pledge"                 Read  [x x - x -]
        ChangePledge              "change_pledge"              Write [x x - - -]
        PausePledge               "pause_pledge"               Write [x x - - -]
        EndPledge                 "end_pledge"                 Write [x x - - -]
    }
    Billing {
        ListBatches               "list_batches"               Read  [x x - x -]
        PreviewBatch              "preview_batch"              Read  [x x - x -]
        ListBridgeLines           "list_bridge_lines"          Read  [x x - x -]
        GetBatch                  "get_batch"                  Read  [x x - x -]
        ListCharges               "list_charges"               Read  [x x - x -]
        SearchCharges             "search_charges"             Read  [x x - x -]
        CloseBatch                "close_batch"                Write [- x - - -]
        VoidBatch                 "void_batch"                 Write [- x - - -]
        ApproveBatch              "approve_batch"              Write [- x - - -]
        ExportBatch               "export_batch"               Write [- x - - -]
        DownloadBatchFile         "download_batch_file"        Read  [- x - x -]
        GetControlSheet           "get_control_sheet"          Read  [- x - x -]
    }
    Settlement {
        ImportResults             "import_results"             Write [- x - - -]
        ListHeldResults           "list_held_results"          Read  [- x - x -]
        TakeHeldResult            "take_held_result"           Write [- x - - -]
        DismissHeldResult         "dismiss_held_result"        Write [- x - - -]
        ReverseSettlement         "reverse_settlement"         Write [- x - - -]
        RefundCharge              "refund_charge"              Write [- x - - -]
    }
    Accounting {
        ListRemittances           "list_remittances"           Read  [- x - x -]
        GetRemittance             "get_remittance"             Read  [- x - x -]
        RecordRemittance          "record_remittance"          Write [- x - - -]
        ListPayouts               "list_payouts"               Read  [- x - x -]
        GetPayout                 "get_payout"                 Read  [- x - x -]
        RecordPayout              "record_payout"              Write [- x - - -]
        ListAccounts              "list_accounts"              Read  [- x - x -]
        ListJournalEntries        "list_journal_entries"       Read  [- x - x -]
        GetJournalEntry           "get_journal_entry"          Read  [- x - x -]
        TraceJournalEntry         "trace_journal_entry"        Read  [- x - x -]
        PostJournalEntry          "post_journal_entry"         Write [- x - - -]
        ReverseJournalEntry       "reverse_journal_entry"      Write [- x - - -]
        ExportJournal             "export_journal"             Read  [- x - x -]
        ListPendingActions        "list_pending_actions"       Read  [- x - x -]
        GetPendingAction          "get_pending_action"         Read  [- x - x -]
        ApprovePendingAction      "approve_pending_action"     Write [- x - - -]
        RejectPendingAction       "reject_pending_action"      Write [- x - - -]
        WithdrawPendingAction     "withdraw_pending_action"    Write [- x - - -]
        ListPeriods               "list_periods"               Read  [- x - x -]
        ShowFiscalYear            "show_fiscal_year"           Read  [- x - x -]
        PreviewClose              "preview_close"              Read  [- x - - -]
        ClosePeriod               "close_period"               Write [- x - - -]
        CloseFiscalYear           "close_fiscal_year"          Write [- x - - -]
        ShowTrialBalance          "show_trial_balance"         Read  [- x - x -]
        ShowGeneralLedger         "show_general_ledger"        Read  [- x - x -]
        ShowFundBalances          "show_fund_balances"         Read  [- x - x -]
        ShowReceivables           "show_receivables"           Read  [- x - x -]
        ShowPayables              "show_payables"              Read  [- x - x -]
        CompareFiscalYears        "compare_fiscal_years"       Read  [- x - x -]
        DownloadReport            "download_report"            Read  [- x - x -]
    }
    Campaigns {
        ListCampaignProgress      "list_campaign_progress"     Read  [x x - x -]
        ShowCampaignProgress      "show_campaign_progress"     Read  [x x - x -]
        ListOwnCampaigns          "list_own_campaigns"         Read  [- - x - -]
        // Everybody's, where the campaign has a public page.
        ShowPublicCampaign        "show_public_campaign"       Read  [anybody]
    }
    Proof {
        VerifyRecords             "verify_records"             Read  [- x - x x]
        VerifyAgainstHeads        "verify_against_heads"       Read  [- x - x x]
        ListChainHeads            "list_chain_heads"           Read  [- x - x x]
        SearchAuditEvents         "search_audit_events"        Read  [- - - x x]
        ExportAuditLog            "export_audit_log"           Read  [- - - x x]
        // The operator's alone: it writes to the machine's disk.
        BackUp                    "back_up"                    Write [- - - - -]
    }
    People {
        ListPeople                "list_people"                Read  [- - - x x]
        GetPerson                 "get_person"                 Read  [- - - x x]
        InvitePerson              "invite_person"              Write [- - - - x]
        ChangeRoles               "change_roles"               Write [- - - - x]
        DisablePerson             "disable_person"             Write [- - - - x]
        EnablePerson              "enable_person"              Write [- - - - x]
        ResetPerson               "reset_person"               Write [- - - - x]
        ListTokensOfPerson        "list_tokens_of_person"      Read  [- - - x x]
        RevokeTokenOfPerson       "revoke_token_of_person"     Write [- - - - x]
        ShowSettings              "show_settings"              Read  [- - - x x]
        // The operator's alone: when the service begins.
        InviteFirstAdmin          "invite_first_admin"         Write [- - - - -]
    }
    Account {
        SignIn                    "sign_in"                    Write [anybody]
        AcceptLink                "accept_link"                Write [anybody]
        ConfirmSecondFactor       "confirm_second_factor"      Write [half signed in]
        ShowSession               "show_session"               Read  [half signed in]
        SignOut                   "sign_out"                   Write [half signed in]
        StartTotp                 "start_totp"                 Write [half signed in]
        ConfirmTotp               "confirm_totp"               Write [half signed in]
        RenewRecoveryCodes        "renew_recovery_codes"       Write [signed in]
        ChangePassword            "change_password"            Write [signed in]
        ListSessions              "list_sessions"              Read  [signed in]
        EndSession                "end_session"                Write [signed in]
        ListTokens                "list_tokens"                Read  [signed in]
        CreateToken               "create_token"               Write [signed in]
        RevokeToken               "revoke_token"               Write [signed in]
    }
}
