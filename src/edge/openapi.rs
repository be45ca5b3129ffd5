//! OpenAPI 3.1, made from the list of routes and the shapes.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    reply::Problem,
    routes::{Careful, Kind, Reads, Route, routes},
};
use crate::{
    api::{Answer, ApiError, Call},
    audit::entry::Act,
};

/// `GET /openapi.json`
///
/// # Errors
/// [`ApiError`].
pub(super) async fn answer(call: Call) -> Result<Answer, ApiError> {
    call.vault.monitor().note(&call.subject, Act::PolicyRead, &[]).await?;
    Answer::plain(&document())
}

/// The document. It describes routes for officers too: that they exist is no secret, what they answer is.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes().iter().filter(|route| route.kind == Kind::Api) {
        let path = route.address().replace("{*path}", "{path}");
        let operation = operation(route, &mut generator);
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(entry) = entry.as_object_mut() {
            entry.insert(route.method.as_str().to_lowercase(), operation);
        }
    }
    let problem = generator.subschema_for::<Problem>();
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Vigie", "version": "1" },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Problem": {
                "description": "RFC 9457 problem with a stable `code`",
                "content": { "application/problem+json": { "schema": problem } },
            } },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut parameters = vec![json!({
        "name": "Vigie-Working", "in": "header", "required": false, "schema": { "type": "string" },
    })];
    for part in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let name = part.trim_start_matches('*');
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    }
    for name in route.query {
        let schema = match *name {
            "limit" | "before" => json!({ "type": "integer", "minimum": 1 }),
            "offset" => json!({ "type": "integer", "minimum": 0 }),
            "inline" | "all" => json!({ "type": "boolean" }),
            _ => json!({ "type": "string" }),
        };
        let required = *name == "offset" || *name == "space" && route.path.starts_with("/notes");
        parameters.push(json!({ "name": name, "in": "query", "required": required, "schema": schema }));
    }
    match route.careful {
        Careful::Plain => {}
        Careful::Match => parameters.push(json!({
            "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" },
        })),
        Careful::Repeat => parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false, "schema": { "type": "string" },
        })),
    }
    let mut operation = json!({
        "operationId": route.name,
        "parameters": parameters,
        "responses": responses(route, generator),
    });
    if let (Some(body), Some(object)) = (route.body, operation.as_object_mut()) {
        let kind = if route.reads == Reads::Lines { "application/x-ndjson" } else { "application/json" };
        let schema = body(generator);
        object.insert("requestBody".to_owned(), json!({ "required": true, "content": { kind: { "schema": schema } } }));
    }
    if let (Reads::Bytes, Some(object)) = (route.reads, operation.as_object_mut()) {
        object.insert("requestBody".to_owned(), json!({ "required": true, "content": bytes() }));
    }
    operation
}

/// A content as bytes (OpenAPI 3.1: no schema says more of it).
fn bytes() -> Value {
    json!({ "application/octet-stream": {} })
}

fn responses(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let created = route.careful == Careful::Repeat;
    let success = match (created, route.answer) {
        (true, _) => "201",
        (false, None) if matches!(route.method, http::Method::PUT | http::Method::DELETE) => "204",
        (false, _) => "200",
    };
    let content = match route.answer {
        Some(answer) => Some(json!({ "application/json": { "schema": answer(generator) } })),
        None => route.contents.then(bytes),
    };
    let mut done = json!({ "description": "done" });
    if let (Some(content), Some(object)) = (content, done.as_object_mut()) {
        object.insert("content".to_owned(), content);
    }
    let mut responses = Map::new();
    if route.contents && route.answer.is_none() {
        // One range of it (RFC 9110 §14).
        responses.insert("206".to_owned(), done.clone());
    }
    responses.insert(success.to_owned(), done);
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    Value::Object(responses)
}
