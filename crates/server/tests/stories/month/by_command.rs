//! The month by command: the program, run once for every step.

use serde_json::Value;

use super::FrontDoor;
use crate::office::Office;

pub struct ByCommand(pub Office);

impl ByCommand {
    fn run(&self, command: &[&str], options: &[(&str, &Value)]) -> Value {
        let mut arguments: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        for (option, value) in options {
            match value {
                Value::Null => {}
                Value::String(text) => arguments.extend([(*option).to_owned(), text.clone()]),
                other => arguments.extend([(*option).to_owned(), other.to_string()]),
            }
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.0.json(&arguments)
    }

    fn of_month(&self, action: &str, coop: &str, month: &str, more: &[&str]) -> Value {
        let mut arguments = vec!["batch", action, "--coop", coop, "--month", month];
        arguments.extend(more);
        self.0.json(&arguments)
    }
}

impl FrontDoor for ByCommand {
    fn import(&self, table: &str, file: &str, content: &[u8], channel: Option<&str>) {
        let path = self.0.file(&file.replace('/', "-"), content);
        let mut more = Vec::new();
        if let Some(channel) = channel {
            more.extend(["--channel", channel]);
        }
        let imported = self.0.import(table, &path, &more);
        assert_ne!(imported["already_imported"], true, "{imported}");
    }

    fn take_sheet_file(&self, file: &str, content: &str) -> (usize, usize) {
        let path = self.0.file(file, content);
        let imported = self.0.import("applications", &path, &[]);
        let count = |name: &str| usize::try_from(imported[name].as_u64().unwrap()).unwrap();
        assert_eq!(count("lines"), count("accepted") + count("held"));
        (count("accepted"), count("held"))
    }

    /// A file of one line.
    fn take(&self, application: &Value) -> Value {
        let columns = application.as_object().unwrap();
        let names: Vec<&str> = columns.keys().map(String::as_str).collect();
        let fields: Vec<String> = columns
            .values()
            .map(|value| value.as_str().map_or(value.to_string(), str::to_owned))
            .collect();
        let content = format!("{}\n{}\n", names.join(","), fields.join(","));
        let file = self.0.file("one.csv", content);
        let imported = self.0.import("applications", &file, &[]);
        assert_eq!(imported["lines"], 1, "{imported}");
        let import = imported["import_id"].to_string();
        let found = self
            .0
            .json(&["search", "applications", "--import", &import]);
        found["items"][0].clone()
    }

    fn find_application(&self, coop: &str, member: &str, order_number: &str) -> Value {
        let found = self.0.json(&[
            "search",
            "applications",
            "--coop",
            coop,
            "--member",
            member,
            "--order-number",
            order_number,
        ]);
        found["items"][0].clone()
    }

    fn void_application(&self, id: i64, reason: &str) {
        let id = id.to_string();
        self.0
            .json(&["application", "void", &id, "--reason", reason]);
    }

    fn holds(&self) -> Vec<Value> {
        let list = self.0.json(&["review", "list"]);
        list["holds"].as_array().unwrap().clone()
    }

    fn resolve(&self, id: i64, resolution: &Value) -> Value {
        self.run(
            &["review", "resolve", &id.to_string()],
            &[
                ("--as", &resolution["way"]),
                ("--reason", &resolution["reason"]),
                ("--cycle", &resolution["cycle"]),
                ("--order-number", &resolution["order_number"]),
                ("--units", &resolution["units"]),
                ("--amount", &resolution["amount"]),
                ("--member", &resolution["member_number"]),
            ],
        )
    }

    fn resolve_many(&self, import_id: i64, only: &str, way: &str) {
        let import_id = import_id.to_string();
        let resolved = self.0.json(&[
            "review",
            "resolve",
            "--import",
            &import_id,
            "--only",
            only,
            "--as",
            way,
            "--reason",
            "まとめて",
        ]);
        assert!(resolved["resolved"].as_u64() > Some(0), "{resolved}");
    }

    fn plan(&self, action: &str, coop: &str, member: &str, plan: &Value) {
        self.run(
            &[
                "pledge",
                action,
                "--coop",
                coop,
                "--member",
                member,
                "--fund",
                "inclufund",
            ],
            &[
                ("--from", &plan["from"]),
                ("--until", &plan["until"]),
                ("--units", &plan["units"]),
                ("--reason", &plan["reason"]),
            ],
        );
    }

    fn preview(&self, coop: &str, month: &str) -> Value {
        self.of_month("preview", coop, month, &[])
    }

    fn close(&self, coop: &str, month: &str) -> Value {
        self.of_month("close", coop, month, &[])
    }

    fn void_batch(&self, coop: &str, month: &str, reason: &str) -> Value {
        self.of_month("void", coop, month, &["--reason", reason])
    }

    fn export(&self, coop: &str, month: &str, sequence: i64) -> (Value, Vec<u8>) {
        let (name, sequence) = (
            format!("{coop}-{month}-{sequence}.csv"),
            sequence.to_string(),
        );
        let more = ["--sequence", sequence.as_str(), "--out", name.as_str()];
        let exported = self.of_month("export", coop, month, &more);
        let file = std::fs::read(self.0.folder.path().join(name)).unwrap();
        (exported, file)
    }

    fn explain(&self, coop: &str, member: &str, month: &str) -> Value {
        let asked = ["why", "--coop", coop, "--member", member, "--month", month];
        self.0.json(&asked)
    }

    fn verify(&self) -> Value {
        self.0.json(&["verify"])
    }
}
