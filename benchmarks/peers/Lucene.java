// What does Lucene do when it is told to?  piped.py says what the lines are.
// Run as a single source file: java -cp JARS Lucene.java cjk|smartcn

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.Facets;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

public class Lucene {
    private static final String ITEM = "\u001f", PART = "\u001e";
    private static final int FACETS = 5, VALUES = 100;

    private final FSDirectory directory;
    private final Analyzer analyzer;
    private final FacetsConfig config = new FacetsConfig();
    private IndexWriter writer;
    private IndexSearcher searcher;
    private SortedSetDocValuesReaderState state;

    Lucene(String folder, Analyzer analyzer) throws Exception {
        this.directory = FSDirectory.open(Paths.get(folder));
        this.analyzer = analyzer;
        for (int at = 0; at < FACETS; at++) {
            config.setMultiValued(facet(at), true);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Analyzer analyzer =
            arguments[0].equals("cjk") ? new CJKAnalyzer() : new SmartChineseAnalyzer();
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Lucene lucene = new Lucene(in.readLine(), analyzer);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split("\t", -1);
            switch (fields[0]) {
                case "add" -> lucene.add(fields);
                case "done" -> out.println(lucene.done());
                default -> out.println(lucene.ask(fields));
            }
            out.flush();
        }
    }

    private void add(String[] fields) throws Exception {
        if (writer == null) {
            writer = new IndexWriter(
                directory, new IndexWriterConfig(analyzer).setRAMBufferSizeMB(512));
        }
        Document document = new Document();
        document.add(new StoredField("number", fields[1]));
        document.add(new TextField("text", fields[2], Field.Store.NO));
        document.add(new StoredField("bulletin", fields[3]));
        for (int at = 0; at < FACETS; at++) {
            for (String value : items(fields[4 + at])) {
                document.add(new SortedSetDocValuesFacetField(facet(at), value));
                document.add(new StringField(filter(at), value, Field.Store.NO));
            }
        }
        writer.addDocument(config.build(document));
    }

    private String done() throws Exception {
        writer.commit();
        writer.close();
        return "done";
    }

    private String ask(String[] fields) throws Exception {
        if (searcher == null) {
            IndexReader reader = DirectoryReader.open(directory);
            searcher = new IndexSearcher(reader);
            searcher.setQueryCache(null); // the same filters come again and again
            state = new DefaultSortedSetDocValuesReaderState(reader);
        }
        long before = System.nanoTime();
        Query text = text(items(fields[1]), items(fields[2]), items(fields[3]));
        int limit = Math.min(Integer.parseInt(fields[4]), searcher.getIndexReader().maxDoc());
        long total = 0;
        TopDocs first = null;
        List<String> counted = new ArrayList<>();
        for (int at = 5; at + 1 < fields.length; at += 2) {
            FacetsCollector collector = new FacetsCollector();
            Query query = narrowed(text, items(fields[at]));
            if (first == null) {
                first = FacetsCollector.search(searcher, query, limit, collector);
                total = collector.getMatchingDocs().stream().mapToLong(each -> each.totalHits).sum();
            } else {
                searcher.search(query, collector);
            }
            count(collector, items(fields[at + 1]), counted);
        }
        List<String> numbers = new ArrayList<>();
        for (ScoreDoc hit : first.scoreDocs) {
            numbers.add(searcher.doc(hit.doc, Set.of("number")).get("number"));
        }
        double seconds = (System.nanoTime() - before) / 1e9;
        return String.join(
            "\t", "" + total, String.join(ITEM, numbers), "" + seconds, String.join(ITEM, counted));
    }

    private void count(FacetsCollector collector, List<String> places, List<String> counted)
            throws Exception {
        if (places.isEmpty() || collector.getMatchingDocs().isEmpty()) {
            return;
        }
        Facets facets = new SortedSetDocValuesFacetCounts(state, collector);
        for (String place : places) {
            FacetResult found = facets.getTopChildren(VALUES, "facet" + place);
            if (found != null) {
                for (LabelAndValue each : found.labelValues) {
                    counted.add(place + PART + each.label + PART + each.value);
                }
            }
        }
    }

    private Query text(List<String> required, List<String> either, List<String> excluded) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (String text : required) {
            all.add(phrase(text), Occur.MUST);
        }
        if (!either.isEmpty()) {
            BooleanQuery.Builder any = new BooleanQuery.Builder();
            for (String text : either) {
                any.add(phrase(text), Occur.SHOULD);
            }
            all.add(any.build(), Occur.MUST);
        }
        for (String text : excluded) {
            all.add(phrase(text), Occur.MUST_NOT);
        }
        return all.build();
    }

    private Query phrase(String text) {
        Query query = new QueryBuilder(analyzer).createPhraseQuery("text", text);
        return query == null ? new MatchNoDocsQuery() : query;
    }

    private Query narrowed(Query text, List<String> chosen) {
        BooleanQuery.Builder narrowed = new BooleanQuery.Builder().add(text, Occur.MUST);
        for (String item : chosen) {
            List<String> parts = List.of(item.split(PART));
            Set<BytesRef> values = new LinkedHashSet<>();
            for (String value : parts.subList(1, parts.size())) {
                values.add(new BytesRef(value));
            }
            String field = filter(Integer.parseInt(parts.get(0)));
            narrowed.add(new TermInSetQuery(field, values), Occur.FILTER);
        }
        return chosen.isEmpty() ? text : narrowed.build();
    }

    private static List<String> items(String field) {
        return Stream.of(field.split(ITEM)).filter(item -> !item.isEmpty()).toList();
    }

    private static String facet(int at) {
        return "facet" + at;
    }

    private static String filter(int at) {
        return "filter" + at;
    }
}
