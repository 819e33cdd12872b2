DROP TABLE held_results;
DROP TABLE corrections;
DROP TABLE settlements;
DROP TABLE result_files;
