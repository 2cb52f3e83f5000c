import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.MMapDirectory;

/** Words alone: index FOLDER TSV | search FOLDER QUERIES | cold FOLDER QUERY. One thread, one segment, no positions. */
public final class WordsBench {
  static final int K = 10, WARM_UPS = 8;

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "index" -> index(folder, Path.of(arguments[2]));
      case "search" -> search(folder, Files.readAllLines(Path.of(arguments[2])));
      case "cold" -> {
        try (var directory = new MMapDirectory(folder); var reader = DirectoryReader.open(directory)) {
          System.out.println(best(new IndexSearcher(reader), any(arguments[2])).length);
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  static Query any(String words) {
    var query = new BooleanQuery.Builder();
    for (String word : words.split(" ")) query.add(new TermQuery(new Term("text", word)), BooleanClause.Occur.SHOULD);
    return query.build();
  }

  static ScoreDoc[] best(IndexSearcher searcher, Query query) throws Exception {
    return searcher.search(query, new TopScoreDocCollectorManager(K, K)).scoreDocs;  // counts no further than K
  }

  static void index(Path folder, Path creators) throws Exception {
    List<String> lines = Files.readAllLines(creators);
    double before = Figures.processCpuSeconds();
    var type = new FieldType();
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.setTokenized(true);
    type.freeze();
    try (var directory = new MMapDirectory(folder);
         var writer = new IndexWriter(directory, new IndexWriterConfig(new WhitespaceAnalyzer()).setRAMBufferSizeMB(512))) {
      for (String line : lines) {
        String[] fields = line.split("\t");
        var document = new Document();
        document.add(new Field("text", fields[1] + " " + fields[2] + " " + fields[3], type));
        document.add(new NumericDocValuesField("id", Long.parseLong(fields[0])));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      writer.commit();
    }
    System.out.printf(Locale.ROOT, "{\"build_cpu_s\": %.4f}%n", Figures.processCpuSeconds() - before);
  }

  static void search(Path folder, List<String> queries) throws Exception {
    try (var directory = new MMapDirectory(folder); var reader = DirectoryReader.open(directory)) {
      var searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      for (int i = 0; i < WARM_UPS; ++i)
        for (String query : queries) best(searcher, any(query));
      var figures = new Figures(queries.size());
      for (int repeat = 0; repeat < Figures.REPEATS; ++repeat)
        for (int i = 0; i < queries.size(); ++i) {
          String query = queries.get(i);
          figures.time(repeat, i, () -> best(searcher, any(query)));
        }
      var first = new StringBuilder();
      for (String query : queries.subList(0, Math.min(50, queries.size()))) {
        first.append(first.length() == 0 ? "[" : ", [");
        ScoreDoc[] found = best(searcher, any(query));
        for (int i = 0; i < found.length; ++i) first.append(i == 0 ? "" : ", ").append(found[i].score);
        first.append("]");
      }
      System.out.println("{" + figures.json() + ", \"scores\": [" + first + "]}");
    }
  }
}
