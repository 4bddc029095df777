/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the NATS server, its tools and other libraries call what is a key here. Names that
 * are like ours anyway, such as {@code max_msgs}, aren't among them.
 */
final class ForeignNames {

	private static final Map<String, List<String>> NAMES = Map.ofEntries(
			Map.entry("duplicate-window", List.of("dupewindow", "duplicates", "dedupwindow")),
			Map.entry("allow-atomic-publish", List.of("allowatomic", "allowbatch")),
			Map.entry("allow-batch-publish", List.of("allowbatched")),
			Map.entry("allow-rollup", List.of("allowrolluphdrs", "rolluphdrs")),
			Map.entry("first-sequence", List.of("firstseq")), Map.entry("start-sequence", List.of("optstartseq")),
			Map.entry("start-time", List.of("optstarttime")), Map.entry("retention", List.of("retentionpolicy")),
			Map.entry("discard", List.of("discardpolicy")), Map.entry("storage", List.of("storagetype")),
			Map.entry("replicas", List.of("numreplicas")), Map.entry("source", List.of("src")),
			Map.entry("destination", List.of("dest", "dst")),
			Map.entry("filter-subjects", List.of("filter", "filters")), Map.entry("filter-subject", List.of("filter")),
			Map.entry("max-pull-waiting", List.of("maxwaiting", "maxpull")),
			Map.entry("max-ack-pending", List.of("maxpending", "maxoutstanding")),
			Map.entry("max-batch", List.of("maxrequestbatch", "maxpullbatch")),
			Map.entry("max-expires", List.of("maxrequestexpires", "maxpullexpire")),
			Map.entry("max-bytes", List.of("maxrequestmaxbytes", "maxpullbytes")),
			Map.entry("max-messages", List.of("maxmsgs")), Map.entry("max-message-size", List.of("maxmsgsize")),
			Map.entry("sample-frequency", List.of("samplefreq", "sample")),
			Map.entry("memory-storage", List.of("memstorage", "memory")),
			Map.entry("priority-timeout", List.of("pinnedttl")), Map.entry("ack-policy", List.of("ack")),
			Map.entry("deliver-policy", List.of("deliver")), Map.entry("username", List.of("user")),
			Map.entry("password", List.of("pass")), Map.entry("nkey-seed", List.of("nkey", "seed")),
			Map.entry("credentials", List.of("creds", "credsfile")),
			Map.entry("servers", List.of("url", "urls", "serverurl", "host", "hosts")),
			Map.entry("connection-name", List.of("name", "clientname")), Map.entry("mode", List.of("modus")),
			Map.entry("auto-startup", List.of("enabled", "autostart")),
			Map.entry("concurrency", List.of("threads", "workers")),
			Map.entry("max-attempts", List.of("maxretries", "retries")));

	private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{N}]");

	private ForeignNames() {
	}

	/**
	 * Returns whether a name is what others call a key.
	 * @param key the last word of the key
	 * @param name the name
	 * @return whether others call it so
	 */
	static boolean isFor(String key, String name) {
		return NAMES.getOrDefault(key, List.of()).contains(MARKS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll(""));
	}

}
